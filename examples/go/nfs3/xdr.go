// SPDX-License-Identifier: Apache-2.0

package nfs3

import (
	"encoding/binary"
	"fmt"
)

// encoder writes XDR (RFC 4506).
type encoder struct{ bytes []byte }

func (e *encoder) uint32(values ...uint32) {
	for _, value := range values {
		e.bytes = binary.BigEndian.AppendUint32(e.bytes, value)
	}
}

func (e *encoder) uint64(value uint64) { e.bytes = binary.BigEndian.AppendUint64(e.bytes, value) }

func (e *encoder) opaque(value []byte) {
	e.uint32(uint32(len(value)))
	e.bytes = append(e.bytes, value...)
	e.bytes = append(e.bytes, make([]byte, (4-len(value)%4)%4)...)
}

func (e *encoder) string(value string) { e.opaque([]byte(value)) }

// decoder reads XDR. Its first error stays, and everything that is read afterwards is zero.
type decoder struct {
	bytes []byte
	err   error
}

func (d *decoder) take(count int) []byte {
	if d.err == nil && count > len(d.bytes) {
		d.err = fmt.Errorf("the reply ends %d bytes too early", count-len(d.bytes))
	}
	if d.err != nil {
		return make([]byte, count)
	}
	taken := d.bytes[:count]
	d.bytes = d.bytes[count:]
	return taken
}

func (d *decoder) uint32() uint32 { return binary.BigEndian.Uint32(d.take(4)) }

func (d *decoder) uint64() uint64 { return binary.BigEndian.Uint64(d.take(8)) }

func (d *decoder) opaque() []byte {
	length := int(d.uint32())
	if length > maxRecord {
		d.err = fmt.Errorf("an item of %d bytes", length)
		return nil
	}
	value := append([]byte(nil), d.take(length)...)
	d.take((4 - length%4) % 4)
	return value
}
