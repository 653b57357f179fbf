/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The lock manager of NFSv3 clients: NLM version 4 and the NSM beside it, over the lock table that
 * all doors share. May see {@code org.facsim.array}, {@code org.facsim.nfs}, its lock table, and
 * {@code org.facsim.protocol}.
 */
package org.facsim.nfs.nlm;
