# Every target is a command of book.py: make book, make test, make help.
# More words go in ARGS: make test ARGS="-k growth"
PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:

%: always
	@$(PYTHON) book.py $@ $(ARGS)

Makefile: ;
.PHONY: always
always:
