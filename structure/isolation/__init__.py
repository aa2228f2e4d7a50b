"""Files are worked on in processes of their own, so that a bad one harms nothing but itself."""

from structure.isolation.pool import WorkerPool
from structure.isolation.tasks import ModelOptions, Outcome, Task, TaskOptions

__all__ = ["ModelOptions", "Outcome", "Task", "TaskOptions", "WorkerPool"]
