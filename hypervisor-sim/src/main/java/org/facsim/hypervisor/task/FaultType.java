/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

import org.facsim.hypervisor.datastore.DatastoreError;

/** The faults that operations end with, by the names that VMware's API gives them. */
public enum FaultType {
  /** Another entity has the name. */
  ALREADY_EXISTS("AlreadyExists"),
  CANNOT_ACCESS_FILE("CannotAccessFile"),
  DIRECTORY_NOT_EMPTY("DirectoryNotEmpty"),
  DUPLICATE_NAME("DuplicateName"),
  FILE_ALREADY_EXISTS("FileAlreadyExists"),
  /** Another host holds the lock of a file. */
  FILE_LOCKED("FileLocked"),
  FILE_NOT_FOUND("FileNotFound"),
  FILE_NOT_WRITABLE("FileNotWritable"),
  FILE_TOO_LARGE("FileTooLarge"),
  /** All paths are down. */
  INACCESSIBLE_DATASTORE("InaccessibleDatastore"),
  INVALID_ARGUMENT("InvalidArgument"),
  /** A descriptor or an extent is not what it should be. */
  INVALID_DISK_FORMAT("InvalidDiskFormat"),
  /** The VM is on and would have to be off, or the other way round. */
  INVALID_POWER_STATE("InvalidPowerState"),
  /** The list of snapshots, or a snapshot's state file, is not what it should be. */
  INVALID_SNAPSHOT_FORMAT("InvalidSnapshotFormat"),
  INVALID_STATE("InvalidState"),
  /** The .vmx is not what it should be. */
  INVALID_VM_CONFIG("InvalidVmConfig"),
  LIMIT_EXCEEDED("LimitExceeded"),
  NO_DISK_SPACE("NoDiskSpace"),
  NOT_FOUND("NotFound"),
  NOT_SUPPORTED("NotSupported"),
  /** The task was canceled. */
  REQUEST_CANCELED("RequestCanceled"),
  /** Something else depends on it. */
  RESOURCE_IN_USE("ResourceInUse"),
  /** A defect of this program, or a failure that has no name. */
  SYSTEM_ERROR("SystemError"),
  /** Another task uses the VM. */
  TASK_IN_PROGRESS("TaskInProgress"),
  TOO_MANY_SNAPSHOT_LEVELS("TooManySnapshotLevels");

  private final String vmwareName;

  FaultType(String vmwareName) {
    this.vmwareName = vmwareName;
  }

  /** The type's name in VMware's API, such as {@code NoDiskSpace}. */
  public String vmwareName() {
    return vmwareName;
  }

  /** What an operator sees when a file operation fails like that. */
  public static FaultType of(DatastoreError error) {
    return switch (error) {
      case NOT_FOUND -> FILE_NOT_FOUND;
      case ALREADY_EXISTS -> FILE_ALREADY_EXISTS;
      case ACCESS_DENIED, STALE, FILE_ERROR -> CANNOT_ACCESS_FILE;
      case READ_ONLY -> FILE_NOT_WRITABLE;
      case DISK_FULL -> NO_DISK_SPACE;
      case TOO_LARGE -> FILE_TOO_LARGE;
      case NOT_EMPTY -> DIRECTORY_NOT_EMPTY;
      case DAMAGED -> INVALID_DISK_FORMAT;
      case LOCKED -> FILE_LOCKED;
      case ALL_PATHS_DOWN -> INACCESSIBLE_DATASTORE;
      case BUSY -> RESOURCE_IN_USE;
      case LIMIT -> LIMIT_EXCEEDED;
    };
  }

  @Override
  public String toString() {
    return vmwareName;
  }
}
