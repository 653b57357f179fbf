/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.lock;

/**
 * A host, or one life of it, whose locks are released together when it is gone: a host of NLM, a
 * client ID of NFSv4. Equal to itself by value; {@code toString} names it for an admin.
 */
public interface LockClient {}
