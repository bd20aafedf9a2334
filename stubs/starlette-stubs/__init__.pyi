# SPDX-FileCopyrightText: The bgtasks authors
# SPDX-License-Identifier: MIT
# Source: typed-bgtasks-stubs 0.1.0, starlette-stubs/__init__.pyi

__version__: str
