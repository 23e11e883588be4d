"""What the site and the trainer each write down of a job: neither may import the other's."""

from training import job_folder as job
from webapp.models.enums import RunKind
from webapp.runs import resume_files
from webapp.runs.worker import run_folder


def test_a_run_has_the_kinds_that_a_job_has() -> None:
    assert tuple(RunKind) == job.KINDS


def test_the_files_of_a_run_are_called_as_the_trainer_calls_them() -> None:
    given = run_folder.JOB, run_folder.CHAMPION, resume_files.SNAPSHOT, run_folder.ANSWERS
    assert given == (job.JOB, job.CHAMPION, job.SNAPSHOT, job.FEEDBACK)
    assert (run_folder.CHALLENGER, run_folder.COMPARISON) == (job.CHALLENGER, job.COMPARISON)
