// SPDX-License-Identifier: Apache-2.0

package example

import (
	"bytes"
	"errors"
	"testing"

	"org.facsim/example/facsim"
	"org.facsim/example/nfs3"
)

func mount(t *testing.T, array *facsim.Array) *nfs3.Export {
	t.Helper()
	export, err := nfs3.Mount(array.NFS, "/datastore1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { export.Close() })
	return export
}

func TestArray(t *testing.T) {
	array := facsim.Start(t, "--volume", "datastore1=40GiB")
	tests := map[string]func(*testing.T, *facsim.Array){
		"what is written is read":             whatIsWrittenIsRead,
		"a full disk is told":                 aFullDiskIsTold,
		"a short write is continued":          aShortWriteIsContinued,
		"an unknown export cannot be mounted": anUnknownExportCannotBeMounted,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if err := array.Reset(); err != nil {
				t.Fatal(err)
			}
			test(t, array)
		})
	}
}

func whatIsWrittenIsRead(t *testing.T, array *facsim.Array) {
	export := mount(t, array)
	data := bytes.Repeat([]byte("facsim "), 300_000)
	if err := export.WriteFile("file", data); err != nil {
		t.Fatal(err)
	}
	read, err := export.ReadFile("file")
	if err != nil || !bytes.Equal(read, data) {
		t.Errorf("read %d bytes of %d: %v", len(read), len(data), err)
	}
	names, err := export.Names()
	if err != nil || len(names) != 1 || names[0] != "file" {
		t.Errorf("names are %v: %v", names, err)
	}
	array.Verify(t, 3, map[string]any{"procedure": "WRITE", "path": "/datastore1/file"})
	if err := export.Remove("file"); err != nil {
		t.Error(err)
	}
	if _, err := export.ReadFile("file"); !errors.Is(err, nfs3.NoEnt) {
		t.Errorf("a removed file: %v", err)
	}
}

func aFullDiskIsTold(t *testing.T, array *facsim.Array) {
	match := map[string]any{"doors": []string{"nfs"}, "procedures": []string{"WRITE"}}
	err := array.Fault(match, map[string]any{"status": "NOSPC"}, map[string]any{"nth": 2})
	if err != nil {
		t.Fatal(err)
	}
	export := mount(t, array)
	if err := export.WriteFile("first", []byte("x")); err != nil {
		t.Error(err)
	}
	if err := export.WriteFile("second", []byte("x")); !errors.Is(err, nfs3.NoSpace) {
		t.Errorf("the second WRITE: %v", err)
	}
}

func aShortWriteIsContinued(t *testing.T, array *facsim.Array) {
	match := map[string]any{"doors": []string{"nfs"}, "procedures": []string{"WRITE"}}
	err := array.Fault(match, map[string]any{"shortBytes": 512}, map[string]any{"count": 1})
	if err != nil {
		t.Fatal(err)
	}
	export := mount(t, array)
	data := bytes.Repeat([]byte{7}, 4096)
	if err := export.WriteFile("file", data); err != nil {
		t.Fatal(err)
	}
	read, err := export.ReadFile("file")
	if err != nil || !bytes.Equal(read, data) {
		t.Errorf("read %d bytes: %v", len(read), err)
	}
	array.Verify(t, 2, map[string]any{"procedure": "WRITE", "path": "/datastore1/file"})
}

func anUnknownExportCannotBeMounted(t *testing.T, array *facsim.Array) {
	if _, err := nfs3.Mount(array.NFS, "/nothing"); !errors.Is(err, nfs3.NoEnt) {
		t.Errorf("mounted, or %v", err)
	}
}
