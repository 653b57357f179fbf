# SPDX-License-Identifier: Apache-2.0
"""An NFS array for each pytest test. Copy this file into your tests; it needs the standard library only.

    # conftest.py
    from facsim_array import facsim, facsim_options, facsim_process  # noqa: F401

    # test_mine.py
    def test_a_copy_writes_once(facsim):
        my_tool.copy_to(facsim.nfs_url("/datastore1/file"))
        facsim.verify(1, procedure="WRITE", path="/datastore1/file")

One process serves all tests of a run. Each test begins with the array as it was at the start: volumes,
files, export rules and profiles go back, fault rules are removed, the journal is empty. The program is
"facsim" on the PATH, or what the environment variable FACSIM says.
"""

import json
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import pytest

START = "pytest-start"
START_LIMIT_SECONDS = 60


class Refused(Exception):
    """What the array does not do: the status, and what is allowed instead."""

    def __init__(self, problem):
        super().__init__(f"{problem.get('status')}: {problem.get('detail')}")
        self.problem = problem


class FacsimArray:
    """A running array. Sizes and offsets are bytes; paths begin with the export, such as /datastore1/file."""

    def __init__(self, ready):
        self.ready = ready
        self.nfs_host, _, port = ready["nfs"].rpartition(":")
        self.nfs_port = int(port)
        self.seed = ready["seed"]

    def nfs_url(self, path):
        """For libnfs, and for qemu-img and others that use it."""
        return f"nfs://{self.nfs_host}{path}?nfsport={self.nfs_port}&mountport={self.nfs_port}"

    def call(self, method, path, body=None):
        """Any call of the HTTP door: what it answers, or Refused."""
        request = urllib.request.Request(
            f"http://{self.ready['http']}{path}",
            method=method,
            data=None if method == "GET" else json.dumps(body or {}).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            raise Refused(json.loads(error.read() or b"{}")) from None

    def volumes(self):
        return {each["name"]: each for each in self.call("GET", "/api/v1/volumes")["items"]}

    def create_volume(self, name, size_bytes):
        self.call("POST", "/api/v1/volumes", {"name": name, "sizeBytes": size_bytes})

    def set_profile(self, volume, profile):
        """How the volume behaves toward hosts that offload: 'sharing', 'copying' ..."""
        self.call("PUT", f"/api/v1/volumes/{volume}/profile", {"profile": profile})

    def set_exports(self, volume, *rules):
        """Who may use the volume: '10.0.0.0/8(rw)', '*(ro,root_squash)' ..."""
        self.call("PUT", f"/api/v1/volumes/{volume}/exports", {"rules": list(rules)})

    def save(self, state):
        self.call("POST", "/api/v1/states", {"name": state, "overwrite": True})

    def restore(self, state):
        self.call("POST", f"/api/v1/states/{state}/restore")

    def fault(self, match, act, **limits):
        """Adds a rule: fault({"doors": ["nfs"], "procedures": ["WRITE"]}, {"status": "NOSPC"}, nth=1)."""
        self.call("POST", "/api/v1/faults", {"rules": [{"match": match, "act": act, "limits": limits}]})

    def explain(self, path):
        """Whether a file was cloned by the array, and if not, why not."""
        return self.call("GET", f"/api/v1/explanation?path={path}")

    def calls(self):
        """The latest calls of all doors, as the journal has them."""
        return self.call("GET", "/api/v1/journal/calls")["items"]

    def verify(self, exactly, **conditions):
        """Fails, with the calls that come nearest, unless so many calls were made."""
        answer = self.call("POST", "/api/v1/journal/verifications", {"calls": conditions, "exactly": exactly})
        assert answer["outcome"] == "HOLDS", json.dumps(answer, indent=2)

    def reset(self):
        """Back to the start: files, volumes, exports, profiles; no fault rule, no call in the journal."""
        self.call("DELETE", "/api/v1/faults")
        self.restore(START)
        self.call("DELETE", "/api/v1/journal/calls")


@pytest.fixture(scope="session")
def facsim_options():
    """Options of 'facsim serve'. A fixture of this name in conftest.py replaces it."""
    return ["--volume", "datastore1=40GiB"]


@pytest.fixture(scope="session")
def facsim_process(facsim_options):
    """The array of this run. It ends with pytest, even if that is killed."""
    with tempfile.TemporaryDirectory() as folder:
        ready = os.path.join(folder, "ready.json")
        command = [os.environ.get("FACSIM", "facsim"), "serve", *facsim_options]
        command += ["--nfs-port", "0", "--http-port", "0", "--journal", "100000"]
        command += ["--ready-file", ready, "--exit-with", str(os.getpid())]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            limit = time.monotonic() + START_LIMIT_SECONDS
            while not os.path.exists(ready):
                assert process.poll() is None, f"{command} ended with {process.returncode}"
                assert time.monotonic() < limit, f"{command} is not ready"
                time.sleep(0.02)
            with open(ready, encoding="utf-8") as file:
                array = FacsimArray(json.load(file))
            array.save(START)
            yield array
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture
def facsim(facsim_process):
    """The array of this test, as it was at the start."""
    facsim_process.reset()
    return facsim_process
