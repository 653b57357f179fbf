// SPDX-License-Identifier: Apache-2.0

// Package facsim starts arrays for Go tests and asks their HTTP door. It needs the standard library only.
package facsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const (
	startLimit = time.Minute
	start      = "go-start"
)

// Array is an array that runs.
type Array struct {
	// NFS is where NFS, MOUNT and VAAI answer: host:port.
	NFS  string `json:"nfs"`
	HTTP string `json:"http"`
	// Seed repeats handles, ids and fault draws: --random-seed.
	Seed int64 `json:"seed"`
}

// Start starts an array that ends with the test: the program that the environment variable FACSIM names, or facsim on
// the PATH.
func Start(t testing.TB, options ...string) *Array {
	t.Helper()
	program := os.Getenv("FACSIM")
	if program == "" {
		program = "facsim"
	}
	ready := filepath.Join(t.TempDir(), "ready.json")
	arguments := append([]string{
		"serve", "--nfs-port", "0", "--http-port", "0", "--journal", "100000",
		"--ready-file", ready, "--exit-with", strconv.Itoa(os.Getpid()),
	}, options...)
	command := exec.Command(program, arguments...)
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	})
	array := &Array{}
	for limit := time.Now().Add(startLimit); ; time.Sleep(20 * time.Millisecond) {
		text, err := os.ReadFile(ready)
		if err == nil {
			if err := json.Unmarshal(text, array); err != nil {
				t.Fatal(err)
			}
			break
		}
		if time.Now().After(limit) {
			t.Fatalf("%v is not ready", command.Args)
		}
	}
	if err := array.Save(start); err != nil {
		t.Fatal(err)
	}
	return array
}

// Call makes any call of the HTTP door. The answer is decoded into result, unless that is nil. What the array refuses
// is an error with what is allowed.
func (a *Array) Call(method, path string, body, result any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, "http://"+a.HTTP+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= http.StatusBadRequest {
		problem := struct{ Detail string }{}
		_ = json.Unmarshal(text, &problem)
		return fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, problem.Detail)
	}
	if result == nil || len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, result)
}

type object = map[string]any

// Save keeps the whole array under a name.
func (a *Array) Save(state string) error {
	return a.Call(http.MethodPost, "/api/v1/states", object{"name": state, "overwrite": true}, nil)
}

// Restore goes back to a state.
func (a *Array) Restore(state string) error {
	return a.Call(http.MethodPost, "/api/v1/states/"+state+"/restore", object{}, nil)
}

// Reset goes back to the start, without fault rules and with an empty journal.
func (a *Array) Reset() error {
	if err := a.Call(http.MethodDelete, "/api/v1/faults", object{}, nil); err != nil {
		return err
	}
	if err := a.Restore(start); err != nil {
		return err
	}
	return a.Call(http.MethodDelete, "/api/v1/journal/calls", object{}, nil)
}

// Fault adds a fault rule in the words of docs/faults.md.
func (a *Array) Fault(match, act, limits map[string]any) error {
	rule := object{"match": match, "act": act, "limits": limits}
	return a.Call(http.MethodPost, "/api/v1/faults", object{"rules": []any{rule}}, nil)
}

// Verify fails the test unless exactly so many calls of the conditions were made.
func (a *Array) Verify(t testing.TB, exactly int, conditions map[string]any) {
	t.Helper()
	answer := object{}
	err := a.Call(http.MethodPost, "/api/v1/journal/verifications", object{"calls": conditions, "exactly": exactly}, &answer)
	if err != nil {
		t.Fatal(err)
	}
	if answer["outcome"] != "HOLDS" {
		text, _ := json.MarshalIndent(answer, "", "  ")
		t.Errorf("expected exactly %d calls with %v: %s", exactly, conditions, text)
	}
}
