# SPDX-License-Identifier: Apache-2.0
"""How tests use the fixture. nfs-cp of libnfs-utils stands for the tool that is tested."""

import subprocess

import pytest
from facsim_array import Refused

SIZE = 65536


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "source"
    file.write_bytes(bytes(range(256)) * (SIZE // 256))
    return file


def copy(source, url):
    return subprocess.run(["nfs-cp", source, url], capture_output=True, check=False).returncode


def test_a_copy_arrives_by_one_write(facsim, source):
    assert copy(source, facsim.nfs_url("/datastore1/file")) == 0
    facsim.verify(1, procedure="WRITE", path="/datastore1/file")
    assert facsim.volumes()["datastore1"]["space"]["physicalUsedBytes"] >= SIZE


def test_each_test_has_an_empty_array(facsim):
    assert not [call for call in facsim.calls() if call["procedure"] == "WRITE"]
    assert facsim.volumes()["datastore1"]["space"]["physicalUsedBytes"] < SIZE


def test_a_full_disk_is_reported(facsim, source):
    facsim.fault({"doors": ["nfs"], "procedures": ["WRITE"]}, {"status": "NOSPC"}, nth=1)
    assert copy(source, facsim.nfs_url("/datastore1/full")) != 0
    assert copy(source, facsim.nfs_url("/datastore1/again")) == 0


def test_what_does_not_hold_shows_the_nearest_calls(facsim, source):
    copy(source, facsim.nfs_url("/datastore1/file"))
    with pytest.raises(AssertionError, match="/datastore1/file"):
        facsim.verify(1, procedure="WRITE", path="/datastore1/other")


def test_a_volume_and_a_profile_of_its_own(facsim):
    facsim.create_volume("scratch", 1 << 30)
    facsim.set_profile("scratch", "copying")
    assert facsim.volumes()["scratch"]["profile"] == "copying"
    with pytest.raises(Refused, match="allowed"):
        facsim.set_profile("scratch", "no-such-profile")


def test_the_volume_of_another_test_is_gone(facsim):
    assert list(facsim.volumes()) == ["datastore1"]
