"""The part of rpds that jsonschema and referencing use, on plain dict and tuple.

rpds is written in Rust and has no build for the page; a chart is validated a few times, not millions.
"""


class HashTrieMap(dict):
    def insert(self, key, value):
        return HashTrieMap({**self, key: value})

    def remove(self, key):
        return HashTrieMap({k: v for k, v in self.items() if k != key})

    discard = remove

    def update(self, *maps, **more):
        new = dict(self)
        for one in maps:
            new.update(one)
        return HashTrieMap({**new, **more})

    @classmethod
    def convert(cls, value):
        return value if isinstance(value, cls) else cls(value)

    def __hash__(self):
        return hash(frozenset(self.items()))


class HashTrieSet(frozenset):
    def insert(self, value):
        return HashTrieSet({*self, value})

    def remove(self, value):
        return HashTrieSet(self - {value})

    discard = remove

    def update(self, *sets):
        return HashTrieSet(self.union(*sets))


class List(tuple):
    def __new__(cls, *items):
        many = len(items) == 1 and not isinstance(items[0], str)
        return super().__new__(cls, items[0] if many else items)

    @property
    def first(self):
        return self[0]

    @property
    def rest(self):
        return List(self[1:])

    def push_front(self, value):
        return List((value, *self))

    def drop_first(self):
        return List(self[1:])
