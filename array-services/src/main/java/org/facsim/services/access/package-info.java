/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who may do what, for all doors.
 *
 * <p>An {@link org.facsim.services.access.ExportTable} says which volumes are exported, and each
 * {@link org.facsim.services.access.Export} on what terms to which clients. {@link
 * org.facsim.services.access.Grants} is asked once for each file that a call names, by its handle
 * or by the path of an export, and makes a {@link org.facsim.services.access.Grant}: the file, its
 * volume, the terms, and the caller after squashing. What is refused is an {@code ArrayException},
 * which each door translates into its own words.
 *
 * <p>May see {@code org.facsim.array}; no other part of this floor, and no protocol.
 */
package org.facsim.services.access;
