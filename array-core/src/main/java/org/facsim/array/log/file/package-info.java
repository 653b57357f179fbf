/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The data directory of a durable array on the operating system's disk: its lock, the log of
 * metadata and the images into which it is folded, and the payload files.
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>{@link org.facsim.array.log.file.DataDirectory} is the directory. {@code DirectoryLock}
 *       keeps everyone else away from it, and {@code OwnersOnly} keeps other users out.
 *   <li>{@code LoggedMetadata} is the metadata: {@code BatchLog} files to which batches are
 *       appended, {@code Image} files into which {@code LogFolder} folds sealed logs, and a {@code
 *       Catalog} that says which of them count. {@code CurrentCatalog} replaces the catalog.
 *   <li>A {@code Layer} is a sorted log, an image, or several of them seen as one.
 *   <li>{@code SparsePayloadFile} has the payload of one volume.
 *   <li>{@code DataChannel} is an open file that no interrupt closes. {@code DiskFile} turns its
 *       failures into the array's errors, by {@code DiskErrors}.
 * </ul>
 *
 * <h2>Rules</h2>
 *
 * <p>Nothing that the catalog names is changed in place. A step of the background writes a new file
 * and then a catalog that names it, so a crash leaves either the old or the new catalog, and files
 * that it does not name are removed. Everything that is read has a checksum. A start that only
 * looks writes nothing.
 *
 * <h2>Threads</h2>
 *
 * <p>One thread appends, which is the committer. Another one folds. The payload files are used by
 * everybody, and are thread-safe for disjoint slots.
 *
 * <h2>Errors</h2>
 *
 * <p>NO_SPACE if the disk is full, otherwise IO, which names the file and what was tried; BUSY if
 * another process uses the directory; NOT_SUPPORTED if another version wrote its format.
 *
 * <p>This package may see {@code log}, the array's errors, the JDK and slf4j. No other package of
 * the array opens files.
 */
package org.facsim.array.log.file;
