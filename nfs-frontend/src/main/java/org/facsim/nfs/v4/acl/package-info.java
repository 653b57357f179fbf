/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Access control lists over NFSv4 (RFC 8881, section 6): the attributes {@code acl}, {@code
 * aclsupport} and, from minor version 1 on, {@code dacl}. There is no {@code sacl}, because the
 * array audits nothing. {@link org.facsim.nfs.v4.acl.AclAttributes} has all of them.
 */
package org.facsim.nfs.v4.acl;
