/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.List;

/**
 * A disk descriptor, and the redo logs that were opened on it: the tree as it really is. Two
 * siblings on one base are two children of it; a chain is a child of a child.
 *
 * @param path of the descriptor below the volume
 * @param contentId the {@code CID} that the descriptor says
 * @param parentContentId its {@code parentCID}; {@code ffffffff} for none
 * @param parentHint its {@code parentFileNameHint} as it is written; empty for none
 * @param createType as it is written
 * @param capacityBytes the sum of its extents
 * @param extents the names of the files that hold the contents
 * @param problem what is wrong with it, in words; empty if nothing is. For example that its parent
 *     is not there, or that the parent's content id is another one
 * @param children what depends on it
 */
public record VmDisk(
    String path,
    String contentId,
    String parentContentId,
    String parentHint,
    String createType,
    long capacityBytes,
    List<String> extents,
    String problem,
    List<VmDisk> children) {
  public VmDisk {
    extents = List.copyOf(extents);
    children = List.copyOf(children);
  }
}
