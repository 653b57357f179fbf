/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Attributes of NFSv4: which there are ({@link org.facsim.nfs.v4.attributes.AttributeTable}), how
 * they are encoded and read, and the operations GETATTR, SETATTR, VERIFY and NVERIFY ({@link
 * org.facsim.nfs.v4.attributes.AttributeOperations}).
 *
 * <p>Attributes that belong to another package, such as ACLs, are {@link
 * org.facsim.nfs.v4.attributes.ExtraAttribute}s. Sees the engine and no other package of the door.
 */
package org.facsim.nfs.v4.attributes;
