package io.securegateway.core.event;

import io.securegateway.core.policy.Ingredient;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The member {@code ingredients} of a line; there is none where a revision has none. */
public final class Ingredients {
  private static final String MEMBER = "ingredients";

  private Ingredients() {}

  /** Writes the member. */
  public static void write(List<Ingredient> ingredients, ObjectNode line) {
    if (ingredients.isEmpty()) {
      return;
    }
    ArrayNode items = line.putArray(MEMBER);
    for (Ingredient one : ingredients) {
      items.addObject().put("kind", one.kind()).put("name", one.name()).put("sha256", one.sha256());
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException naming the member that is not understood
   */
  public static List<Ingredient> read(JsonNode line) {
    List<Ingredient> ingredients = new ArrayList<>();
    for (JsonNode one : line.path(MEMBER).values()) {
      ingredients.add(
          new Ingredient(
              EventCodec.text(one, "kind"),
              EventCodec.text(one, "name"),
              EventCodec.text(one, "sha256")));
    }
    return List.copyOf(ingredients);
  }
}
