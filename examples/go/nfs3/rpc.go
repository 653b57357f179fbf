// SPDX-License-Identifier: Apache-2.0

package nfs3

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

const (
	maxRecord  = 2 << 20 // bytes of a reply; the array sends 1 MiB of data at most
	lastRecord = 1 << 31 // the bit of the record mark that says that no fragment follows
)

// connection makes calls of ONC RPC (RFC 5531) over TCP, one at a time.
type connection struct {
	mutex   sync.Mutex
	tcp     net.Conn
	xid     uint32
	timeout time.Duration
}

func dial(address string) (*connection, error) {
	tcp, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		return nil, err
	}
	return &connection{tcp: tcp, xid: uint32(time.Now().UnixNano()), timeout: time.Minute}, nil
}

// call makes one call as root (AUTH_SYS) and returns its results.
func (c *connection) call(program, version, procedure uint32, arguments []byte) (*decoder, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.xid++
	credential := encoder{}
	credential.uint32(0)
	credential.string("go-test")
	credential.uint32(0, 0, 0) // uid, gid, no further groups
	message := encoder{}
	message.uint32(0, c.xid, 0, 2, program, version, procedure, 1)
	message.opaque(credential.bytes)
	message.uint32(0, 0)
	message.bytes = append(message.bytes, arguments...)
	binary.BigEndian.PutUint32(message.bytes, lastRecord|uint32(len(message.bytes)-4))
	if err := c.tcp.SetDeadline(time.Now().Add(c.timeout)); err != nil {
		return nil, err
	}
	if _, err := c.tcp.Write(message.bytes); err != nil {
		return nil, err
	}
	record, err := c.readRecord()
	if err != nil {
		return nil, err
	}
	return c.results(&decoder{bytes: record})
}

func (c *connection) readRecord() ([]byte, error) {
	var record []byte
	for {
		var mark [4]byte
		if _, err := io.ReadFull(c.tcp, mark[:]); err != nil {
			return nil, err
		}
		word := binary.BigEndian.Uint32(mark[:])
		length := int(word &^ lastRecord)
		if len(record)+length > maxRecord {
			return nil, fmt.Errorf("a reply of more than %d bytes", maxRecord)
		}
		fragment := make([]byte, length)
		if _, err := io.ReadFull(c.tcp, fragment); err != nil {
			return nil, err
		}
		record = append(record, fragment...)
		if word&lastRecord != 0 {
			return record, nil
		}
	}
}

func (c *connection) results(d *decoder) (*decoder, error) {
	if xid := d.uint32(); xid != c.xid {
		return nil, fmt.Errorf("a reply to call %#x, where %#x was made", xid, c.xid)
	}
	if kind, denied := d.uint32(), d.uint32(); kind != 1 || denied != 0 {
		return nil, fmt.Errorf("the call was denied: message %d, status %d", kind, denied)
	}
	d.uint32()
	d.opaque()
	if accepted := d.uint32(); accepted != 0 {
		return nil, fmt.Errorf("the call was not accepted: status %d", accepted)
	}
	return d, d.err
}
