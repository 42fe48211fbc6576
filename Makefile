# `make help` lists the commands. Two are enough: `make run` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run serve hall test lint bench mutation endurance doctor translations migrate install

export PORT ?= 8000
export HOST ?= 127.0.0.1
PYTHON_ENV := .venv/bin/python
CONTEST := .venv/bin/contest
ARGS ?=
MINUTES ?= 10
KILLS ?= 100

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sort | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'
	@echo
	@echo 'HOST and PORT say where to listen ($(HOST):$(PORT)); docs/operating.md tells the rest.'

run: .venv/.product  ## try it: demo mode on this machine, with invented data and sign-in links
	@exec $(CONTEST) serve --demo

serve: .venv/.product  ## production: never seeds; the first start prints the first organiser's link
	@exec $(CONTEST) serve

hall: .venv/.product  ## like serve, over HTTPS in a hall's own network without internet; tells each tablet how to trust it
	@exec $(CONTEST) hall

migrate: .venv/.product  ## bring the database to the newest revision (make a backup first)
	@$(CONTEST) migrate

doctor: .venv/.product  ## check fonts, glyphs, libraries, packages, secrets, database, disk
	@$(CONTEST) doctor

install: .venv/.product  ## only make the environment

test: .venv/.dev  ## all tests, browser journeys included; on PostgreSQL too when TEST_POSTGRES_URL is set
	@.make/test $(ARGS)

lint: .venv/.dev  ## style, types, and words that do not belong into the repository
	@.make/lint

bench: .venv/.dev  ## print the figures of docs/performance.md; ARGS=name runs one
	@$(PYTHON_ENV) -m tests.bench $(ARGS)

mutation: .venv/.dev  ## mutation testing of contest/scoring (hours); ARGS="--every 4 ranking" a part
	@$(PYTHON_ENV) .make/mutation.py $(ARGS)

endurance: .venv/.dev  ## a server killed KILLS times in mid-batch, then under load for MINUTES, its memory watched
	@$(PYTHON_ENV) -m tests.bench.endurance --kills $(KILLS) --minutes $(MINUTES)

translations: .venv/.dev  ## add new strings to the rooms' .po files, tell what lacks a translation, compile
	@$(PYTHON_ENV) .make/translations.py $(ARGS)
	@$(CONTEST) translate

.venv/.product: requirements.lock .make/install
	@.make/install product

.venv/.dev: tests/requirements.lock requirements.lock .make/install
	@.make/install dev
