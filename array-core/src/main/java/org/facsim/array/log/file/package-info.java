/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The data directory of a durable array on the operating system's disk: its lock, the log of
 * metadata and the images into which it is folded, and the payload files.
 *
 * <p>May see {@code log}, the array's errors, the JDK and slf4j. No other package of the array
 * opens files.
 */
package org.facsim.array.log.file;
