// SPDX-License-Identifier: Apache-2.0

// Package nfs3 is a small client of NFSv3 (RFC 1813): enough for tests to put files onto an export and to look at
// them. It needs no port mapper, because the array serves MOUNT on its NFS port, and no root, because it mounts
// nothing.
package nfs3

import "fmt"

const (
	nfsProgram, nfsVersion     = 100003, 3
	mountProgram, mountVersion = 100005, 3

	procLookup, procRead, procWrite, procCreate, procRemove, procReadDir = 3, 6, 7, 8, 12, 16
	procMount                                                            = 1

	fileSync    = 2
	maxTransfer = 1 << 20 // bytes of a READ or WRITE
)

// Status is an nfsstat3 other than OK.
type Status uint32

// Statuses that tests ask for. Others have their number.
const (
	NoEnt              Status = 2
	Access             Status = 13
	Exist              Status = 17
	NoSpace            Status = 28
	ReadOnlyFileSystem Status = 30
	Stale              Status = 70
	JukeBox            Status = 10008
)

var statusNames = map[Status]string{
	NoEnt: "NOENT", Access: "ACCES", Exist: "EXIST", NoSpace: "NOSPC", ReadOnlyFileSystem: "ROFS", Stale: "STALE", JukeBox: "JUKEBOX",
}

func (s Status) Error() string {
	if name, known := statusNames[s]; known {
		return "NFS3ERR_" + name
	}
	return fmt.Sprintf("nfsstat3 %d", uint32(s))
}

// Export is an export that was mounted. Names are of its root directory.
type Export struct {
	connection *connection
	root       []byte
}

// Mount asks for an export of the array at host:port.
func Mount(address, path string) (*Export, error) {
	connection, err := dial(address)
	if err != nil {
		return nil, err
	}
	arguments := encoder{}
	arguments.string(path)
	results, err := connection.call(mountProgram, mountVersion, procMount, arguments.bytes)
	if err == nil {
		if status := results.uint32(); status != 0 {
			err = fmt.Errorf("mounting %s: %w", path, Status(status))
		}
	}
	if err != nil {
		connection.tcp.Close()
		return nil, err
	}
	return &Export{connection: connection, root: results.opaque()}, results.err
}

// Close ends the connection.
func (e *Export) Close() error { return e.connection.tcp.Close() }

// call returns the results behind the status.
func (e *Export) call(procedure uint32, arguments encoder) (*decoder, error) {
	results, err := e.connection.call(nfsProgram, nfsVersion, procedure, arguments.bytes)
	if err != nil {
		return nil, err
	}
	if status := results.uint32(); status != 0 {
		return nil, Status(status)
	}
	return results, results.err
}

func (e *Export) entry(name string) encoder {
	arguments := encoder{}
	arguments.opaque(e.root)
	arguments.string(name)
	return arguments
}

func (e *Export) lookup(name string) ([]byte, error) {
	results, err := e.call(procLookup, e.entry(name))
	if err != nil {
		return nil, err
	}
	return results.opaque(), results.err
}

// WriteFile makes a file, or takes one that is there, and writes from its beginning. It returns when the data is
// stable.
func (e *Export) WriteFile(name string, data []byte) error {
	arguments := e.entry(name)
	arguments.uint32(0)                       // UNCHECKED
	arguments.uint32(1, 0o644, 0, 0, 0, 0, 0) // the mode, and nothing else is set
	results, err := e.call(procCreate, arguments)
	if err != nil {
		return err
	}
	if results.uint32() == 0 {
		return fmt.Errorf("CREATE of %s returned no handle", name)
	}
	handle := results.opaque()
	for offset := 0; offset < len(data); {
		count := len(data) - offset
		if count > maxTransfer {
			count = maxTransfer
		}
		written, err := e.write(handle, offset, data[offset:offset+count])
		if err != nil {
			return err
		}
		offset += written
	}
	return results.err
}

func (e *Export) write(handle []byte, offset int, data []byte) (int, error) {
	arguments := encoder{}
	arguments.opaque(handle)
	arguments.uint64(uint64(offset))
	arguments.uint32(uint32(len(data)), fileSync)
	arguments.opaque(data)
	results, err := e.call(procWrite, arguments)
	if err != nil {
		return 0, err
	}
	skipWcc(results)
	written := int(results.uint32())
	if written == 0 {
		return 0, fmt.Errorf("WRITE stored nothing")
	}
	return written, results.err
}

// ReadFile returns what is in a file.
func (e *Export) ReadFile(name string) ([]byte, error) {
	handle, err := e.lookup(name)
	if err != nil {
		return nil, err
	}
	var data []byte
	for {
		arguments := encoder{}
		arguments.opaque(handle)
		arguments.uint64(uint64(len(data)))
		arguments.uint32(maxTransfer)
		results, err := e.call(procRead, arguments)
		if err != nil {
			return nil, err
		}
		skipAttributes(results)
		results.uint32()
		isLast := results.uint32() != 0
		data = append(data, results.opaque()...)
		if results.err != nil || isLast {
			return data, results.err
		}
	}
}

// Remove removes a file.
func (e *Export) Remove(name string) error {
	_, err := e.call(procRemove, e.entry(name))
	return err
}

// Names returns what is in the root directory.
func (e *Export) Names() ([]string, error) {
	var names []string
	var cookie, verifier uint64
	for {
		arguments := encoder{}
		arguments.opaque(e.root)
		arguments.uint64(cookie)
		arguments.uint64(verifier)
		arguments.uint32(65536)
		results, err := e.call(procReadDir, arguments)
		if err != nil {
			return nil, err
		}
		skipAttributes(results)
		verifier = results.uint64()
		for results.uint32() != 0 && results.err == nil {
			results.uint64()
			if name := string(results.opaque()); name != "." && name != ".." {
				names = append(names, name)
			}
			cookie = results.uint64()
		}
		if isEnd := results.uint32() != 0; isEnd || results.err != nil {
			return names, results.err
		}
	}
}

func skipAttributes(d *decoder) {
	const attributesSize = 84
	if d.uint32() != 0 {
		d.take(attributesSize)
	}
}

func skipWcc(d *decoder) {
	const beforeSize = 24
	if d.uint32() != 0 {
		d.take(beforeSize)
	}
	skipAttributes(d)
}
