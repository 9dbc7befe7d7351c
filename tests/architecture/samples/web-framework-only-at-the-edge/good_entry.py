# path: src/antiphon/entry/http/app.py
import litestar
from granian.constants import Interfaces
