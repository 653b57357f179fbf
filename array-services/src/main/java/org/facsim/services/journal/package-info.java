/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The journal: the latest calls of all doors, in a bounded ring outside the heap ({@link
 * org.facsim.services.journal.Journal}).
 *
 * <p>A call is recorded as numbers, bytes and references to texts; words are made of it when
 * somebody asks. {@link org.facsim.services.journal.CallFilter} says which calls are meant, {@link
 * org.facsim.services.journal.Verification} what is expected of them.
 *
 * <p>May see {@code org.facsim.services.calls}, {@code .access}, {@code .paths}, {@code .units} and
 * {@code org.facsim.array}; no protocol. What protocols call things comes through {@link
 * org.facsim.services.journal.CallNames}.
 */
package org.facsim.services.journal;
