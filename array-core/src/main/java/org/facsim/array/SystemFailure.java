/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/**
 * Says to people why the operating system's file system failed. Java hides the most frequent
 * reasons in the names of its exception classes: the message of such an exception is the file's
 * name and nothing else.
 */
public final class SystemFailure {
  private SystemFailure() {}

  /**
   * Returns the reason in the operating system's words, without the file's name if Java keeps the
   * two apart.
   */
  public static String inWords(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "Permission denied";
    } else if (failure instanceof NoSuchFileException) {
      return "No such file or directory";
    } else if (failure instanceof FileAlreadyExistsException) {
      return "File exists";
    } else if (failure instanceof NotDirectoryException) {
      return "Not a directory";
    } else if (failure instanceof DirectoryNotEmptyException) {
      return "Directory not empty";
    } else if (failure instanceof FileSystemLoopException) {
      return "Too many levels of symbolic links";
    } else if (failure instanceof CharacterCodingException) {
      return "this is no text in UTF-8";
    } else if (failure instanceof FileSystemException known && known.getReason() != null) {
      return known.getReason();
    }
    return Objects.requireNonNullElse(failure.getMessage(), "the host does not say why");
  }
}
