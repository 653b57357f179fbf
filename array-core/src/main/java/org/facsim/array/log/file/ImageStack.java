/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.ArrayList;
import java.util.List;

/**
 * The images of the catalog, the lowest first: what an upper one has takes the place of what those
 * beneath it have. It is not changed.
 */
record ImageStack(List<Image> images) {
  /** An image smaller than this many times those upon it is merged with them. */
  private static final int MERGE_FACTOR = 2;

  ImageStack {
    images = List.copyOf(images);
  }

  int size() {
    return images.size();
  }

  /** With another image in place of all but the lowest {@code kept}. */
  ImageStack with(int kept, Image image) {
    List<Image> next = new ArrayList<>(images.subList(0, kept));
    next.add(image);
    return new ImageStack(next);
  }

  /** The images upon the lowest {@code kept}. */
  List<Image> above(int kept) {
    return images.subList(kept, images.size());
  }

  /**
   * The lowest of the topmost images that are to become one, because the one beneath them is not
   * much larger. It is the topmost image itself if there is nothing to merge.
   */
  int lowestToMerge() {
    int lowest = size() - 1;
    long upperBytes = 0;
    for (int at = size() - 1; at >= 0; at--) {
      long bytes = images.get(at).id().sizeBytes();
      if (bytes < MERGE_FACTOR * upperBytes) {
        lowest = at;
      }
      upperBytes += bytes;
    }
    return lowest;
  }

  /** Whether several images are to become one. */
  boolean wantsMerge() {
    return lowestToMerge() < size() - 1;
  }

  /** What several images hold together. */
  Layer merged(int lowest) {
    return new MergedLayers(List.copyOf(above(lowest)), lowest == 0);
  }
}
