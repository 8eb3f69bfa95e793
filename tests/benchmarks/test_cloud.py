"""The proof for the cloud: its cgroup is made, read and removed, and a folder that can be written to is no proof."""

from pathlib import Path

import pytest

from benchmarks import cloud
from benchmarks.cloud import GROUPS, Group, limited, watched

TOLD = {  # what the system writes into the files of a group that has ended one process
    "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
    "memory.events": "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n",
}


@pytest.mark.parametrize("group", GROUPS)
def test_peak_and_ended_processes_are_read_in_both_versions(group: Group, tmp_path: Path) -> None:
    (tmp_path / group.peak).write_text("274000000\n")
    (tmp_path / group.kills).write_text(TOLD[group.kills])
    assert watched(group._replace(folder=tmp_path)) == (274.0, 1)


def test_without_a_cgroup_nothing_is_enforced_and_nothing_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud, "GROUPS", [each._replace(folder=tmp_path / "none") for each in GROUPS])
    with limited(690) as group:
        assert group is None
        assert watched(group) == (0.0, 0)


def test_a_copy_that_can_be_written_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "project").mkdir()
    monkeypatch.setattr(cloud, "ROOT", tmp_path / "project")
    monkeypatch.setattr(cloud, "WITHOUT_RIGHTS", ("true",))  # as where the attempt to write succeeds
    with pytest.raises(RuntimeError, match="can be written to"):
        cloud.read_only_copy(tmp_path)
