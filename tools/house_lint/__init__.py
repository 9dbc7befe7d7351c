"""Rules of this house that no general linter knows. Each was worth a check; each has good and bad samples.

`python -m tools.house_lint [FILE…]` looks at the tracked and the new files. A finding is excused by a comment on its
line or on the line above, `allow: rule-name — reason` after the comment sign, and the reason is not optional.
"""

from tools.house_lint.engine import Problem, check, rule_names
from tools.house_lint.source import Source

__all__ = ["Problem", "Source", "check", "rule_names"]
