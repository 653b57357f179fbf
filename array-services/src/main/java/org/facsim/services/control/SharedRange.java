/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import org.facsim.array.Sharing;

/** A range of a file, or of two files, in which all blocks are held alike. */
public record SharedRange(long offsetBytes, long lengthBytes, Sharing sharing) {}
