"""Compare the S-curves of the scenarios chapter with baselines that need no thought.

    python bench/backtest.py            the comparison, as Markdown
    python bench/backtest.py --tests    every single forecast behind it

Each service of the reference class is forecast from four early waves, one and two years ahead, by
each method. A method that is beaten by a baseline is marked. The lower part repeats the contest
over every run of waves that starts at a comparable level; those runs overlap.
"""

from __future__ import annotations

import argparse

from surge.forecast import CURVES, METHODS, WINDOW, own_test, reference_errors, scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", action="store_true", help="list every forecast")
    if parser.parse_args().tests:
        tests()
        return
    for every in (False, True):
        print(f"\n{'Every run' if every else 'One run for each service'}, {WINDOW} waves\n")
        print("| years ahead | method | tests | mean size | mean error | largest | wins against |")
        print("| --- | --- | ---: | ---: | ---: | ---: | --- |")
        for ahead in (1, 2):
            table(ahead, every)
    print("\nGenerative AI itself, December 2025 forecast from the waves before\n")
    print("| method | forecast | came | error |\n| --- | ---: | ---: | ---: |")
    for method in METHODS:
        test = own_test(method)
        print(f"| {method} | {test.forecast:.1f} | {test.target.level:.1f} | {test.error:+.1f} |")


def table(ahead: int, every: bool) -> None:
    """One line for each method, best first, with how often it beats the best S-curve."""
    by_method = scores(ahead, every=every)
    curve = min(CURVES, key=lambda name: by_method[name][1])
    rival = [abs(t.error) for t in reference_errors(curve, ahead, every=every)]
    for method, (count, size, bias, worst) in sorted(by_method.items(), key=lambda kv: kv[1][1]):
        own = [abs(t.error) for t in reference_errors(method, ahead, every=every)]
        wins = sum(a < b for a, b in zip(own, rival, strict=True))
        note = "" if method == curve else f"{curve} in {wins} of {count}"
        if method not in CURVES and size < by_method[curve][1]:
            note += ", and in the mean"
        print(f"| {ahead} | {method} | {count} | {size:.2f} | {bias:+.2f} | {worst:.1f} | {note} |")


def tests() -> None:
    """Every forecast of the reference class beside what came, in percent of the population."""
    print("| service | waves | method | wave forecast | forecast | came | error |")
    print("| --- | --- | --- | --- | ---: | ---: | ---: |")
    for ahead in (1, 2):
        for method in METHODS:
            for t in reference_errors(method, ahead):
                waves = f"{t.waves[0].date[:7]} to {t.waves[-1].date[:7]}"
                print(f"| {t.service} | {waves} | {method} | {t.target.date[:7]} | "
                      f"{t.forecast:.1f} | {t.target.level:.1f} | {t.error:+.1f} |")  # fmt: skip


if __name__ == "__main__":
    main()
