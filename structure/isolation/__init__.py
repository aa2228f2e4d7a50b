"""Files are worked on in processes of their own, so that a bad one harms nothing but itself."""

from structure.isolation.pool import WorkerPool
from structure.isolation.tasks import SCHEMAS, ModelOptions, Outcome, Progress, Task, TaskOptions

__all__ = ["SCHEMAS", "ModelOptions", "Outcome", "Progress", "Task", "TaskOptions", "WorkerPool"]
