.DEFAULT_GOAL := help
.PHONY: help run serve test test-fast test-long bench pictures check format lint types contracts lock migration

PYTHON ?= python3
PY := .venv/bin/
LONG_MINUTES ?= 30
# File by file in their order: the slow ones, with a browser, begin early and end early.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder
LOCK := $(PY)pip-compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --strip-extras --allow-unsafe --quiet

help: ## 列出所有命令 / Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## 在本机启动演示环境 / Start the demonstration on this machine (HOST, PORT, DATABASE_URL)
	@$(PYTHON) -m commands.environment requirements.txt
	@exec env YICHUANG_PARENT=$$PPID $(PY)python -m commands.run

serve: ## 以生产方式启动 / Start in production (SECRET_KEY, DATABASE_URL, KEY_FOLDER, TRUSTED_PROXY_COUNT, PUBLIC_URL)
	@$(PYTHON) -m commands.environment requirements.txt
	@exec env YICHUANG_PARENT=$$PPID $(PY)python -m commands.run --production

development:
	@$(PYTHON) -m commands.environment requirements.txt requirements-dev.txt

test: development ## 全部测试,含浏览器 / Every test, with a browser (sets one up)
	@$(PY)python -m tests.chromium
	$(PY)pytest $(SIDE_BY_SIDE) -m "not long"

test-fast: development ## 不用浏览器的测试 / Tests without a browser
	$(PY)pytest $(SIDE_BY_SIDE) -m "not long and not browser"

test-long: development ## 强杀、负载和长时随机测试 / Kill, load and long random runs (LONG_MINUTES)
	@$(PY)python -m tests.chromium
	LONG_MINUTES=$(LONG_MINUTES) $(PY)pytest -m long -s

bench: development ## 测速,与手写 SQL 和其他引擎相比 / Speed, against plain SQL and other engines (BENCH_CASES, BENCH_ROUNDS)
	@$(PY)python -m benchmarks.peers.environment
	$(PY)python -m benchmarks

pictures: development ## 拍下各页面的图片 / Take the pictures of the pages in docs/pictures
	@$(PY)python -m tests.chromium
	$(PY)python -m tests.pictures docs/pictures

format: development ## 按规范改写代码 / Rewrite the code in the house style
	$(PY)ruff format .
	$(PY)ruff check --fix .

lint: development
	$(PY)ruff format --check .
	$(PY)ruff check .

types: development
	$(PY)mypy

contracts: development
	$(PY)lint-imports

check: lint types contracts ## 风格、类型、导入方向 / Style, types, who may import whom

lock: development ## 更新依赖锁定文件 / Renew the lock files from the .in files
	$(LOCK) --upgrade --output-file requirements.txt requirements.in
	$(LOCK) --upgrade --output-file requirements-dev.txt requirements-dev.in
	$(LOCK) --upgrade --output-file benchmarks/requirements-peers.txt benchmarks/requirements-peers.in

migration: ## 生成迁移文件 / Write a migration: make migration MESSAGE="add tables"
	$(PY)flask --app app database revision "$(MESSAGE)"
