package antiphon.core.service;

import antiphon.core.create.ShownInput;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Items;
import antiphon.protocol.json.Json;
import antiphon.protocol.json.JsonSlices;
import antiphon.protocol.json.JsonSlices.Slice;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Pages of a response's input items: only the items that a page shows are made. */
final class InputPages {

  private InputPages() {}

  /**
   * One page.
   *
   * @param input the items, a JSON array
   */
  static Page<Item> of(byte[] input, PageRequest page) {
    List<Slice> slices = JsonSlices.of(input);
    if (page.descending()) {
      Collections.reverse(slices);
    }
    int from = page.after() == null ? 0 : indexOf(slices, page, page.after()) + 1;
    int to = page.before() == null ? slices.size() : indexOf(slices, page, page.before());
    Page<byte[]> shown =
        Pages.of(
            page,
            slices.subList(from, Math.max(from, to)),
            slice -> Arrays.copyOfRange(input, slice.start(), slice.end()),
            json -> json.length);
    return new Page<>(
        shown.data().stream().map(json -> ShownInput.of(Items.lenient(Json.tree(json)))).toList(),
        shown.hasMore());
  }

  private static int indexOf(List<Slice> slices, PageRequest page, String itemId) {
    for (int i = 0; i < slices.size(); i++) {
      if (itemId.equals(slices.get(i).id())) {
        return i;
      }
    }
    throw NotFound.cursor(page);
  }
}
