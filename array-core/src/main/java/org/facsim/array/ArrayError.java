/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * Every expected outcome of an array operation that is not success. Each door translates this enum
 * once, with an exhaustive switch.
 */
public enum ArrayError {
  /** The caller lacks the permission bits for the operation. */
  ACCESS_DENIED,
  /** Only the owner or root may do this. */
  NOT_PERMITTED,
  /** No such name. */
  NOT_FOUND,
  /** The name is taken. */
  EXISTS,
  NOT_DIRECTORY,
  IS_DIRECTORY,
  NOT_EMPTY,
  /** The object has the wrong type for the operation, for example a clone of a symbolic link. */
  WRONG_TYPE,
  /** A name of more than {@link Name#MAX_BYTES} bytes. */
  NAME_TOO_LONG,
  /** The handle names an object that is gone. */
  STALE,
  /** The handle was never issued by this array. */
  BAD_HANDLE,
  /** An argument is outside the allowed range; the message names it and the range. */
  INVALID_ARGUMENT,
  /** The directory cookie was never issued. */
  BAD_COOKIE,
  /** The change time differs from the one that the caller of a guarded SETATTR expects. */
  NOT_SYNCHRONIZED,
  /** The offset or size is beyond {@link Volume#MAX_FILE_BYTES}. */
  FILE_TOO_LARGE,
  /** A seek from an offset at or beyond the end of the file. */
  BEYOND_END_OF_FILE,
  /** The file has no extended attribute of that name. */
  NO_ATTRIBUTE,
  /** A value, or all values of a file together, are larger than the array stores. */
  TOO_BIG,
  /** The volume, the array, memory or the operating system's disk has no room for the operation. */
  NO_SPACE,
  READ_ONLY,
  /** Source and destination lie on different volumes. */
  CROSS_VOLUME,
  TOO_MANY_LINKS,
  BUSY,
  NOT_SUPPORTED,
  /** The medium failed. */
  IO
}
