package io.securegateway.core.policy.yaml;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one document. Events are taken one at a time, so nesting beyond the cap ends the reading
 * long before any stack does. Never throws for any text.
 */
public final class YamlReader {
  /** Largest file, in bytes of UTF-8. */
  public static final int MAX_BYTES = 256 * 1024;

  /** Deepest nesting of lists and mappings. */
  public static final int MAX_DEPTH = 32;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(MAX_BYTES).setParseComments(false).build();

  private final String file;
  private final Iterator<Event> events;
  private final List<Finding> findings = new ArrayList<>();
  private boolean whole = true;

  private YamlReader(String file, String text) {
    this.file = file;
    this.events = new Parse(SETTINGS).parseString(text).iterator();
  }

  /**
   * The tree of a text.
   *
   * @param file how findings name it
   */
  public static YamlDocument read(String file, String text) {
    Optional<Finding> problem = Characters.problem(file, text);
    if (problem.isPresent()) {
      return new YamlDocument(null, List.of(problem.get()));
    }
    YamlReader reader = new YamlReader(file, text);
    try {
      YamlNode root = reader.document();
      return new YamlDocument(reader.whole ? root : null, reader.findings);
    } catch (MarkedYamlEngineException e) {
      reader.syntax(e.getProblemMark().or(e::getContextMark), e.getProblem());
    } catch (YamlEngineException e) {
      reader.syntax(Optional.empty(), String.valueOf(e.getMessage()));
    } catch (TooDeep e) {
      reader.error(
          "yaml-depth",
          e.at,
          "Lists and mappings are nested deeper than " + MAX_DEPTH + ".",
          "Write it flatter; no policy needs this depth.");
    }
    return new YamlDocument(null, reader.findings);
  }

  private @Nullable YamlNode document() {
    YamlNode root = null;
    int documents = 0;
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof DocumentStartEvent start) {
        documents++;
        if (documents > 1) {
          error(
              "yaml-documents",
              position(start.getStartMark()),
              "The file holds more than one document.",
              "Remove the line --- and what follows, or make it a file of its own.");
          whole = false;
          return null;
        }
        if (start.getSpecVersion().isPresent() || hasOwnTags(start)) {
          error(
              "yaml-directive",
              position(start.getStartMark()),
              "The file has a % directive.",
              "Remove it: policy files are YAML 1.2 without directives.");
        }
      } else if (event instanceof NodeEvent node) {
        root = node(node, 1);
      }
    }
    if (root == null || (root instanceof YamlNode.Scalar s && s.kind() == ScalarKind.NULL)) {
      if (findings.isEmpty()) {
        error(
            "yaml-empty",
            root == null ? new Position(file, 1, 1) : root.at(),
            "The file is empty, so it allows nothing and says nothing.",
            "Write at least `version: 1`, or remove the file.");
      }
      return null;
    }
    return root;
  }

  private static boolean hasOwnTags(DocumentStartEvent start) {
    return start.getTags().keySet().stream().anyMatch(tag -> !tag.equals("!") && !tag.equals("!!"));
  }

  private YamlNode node(NodeEvent event, int depth) {
    Position at = position(event.getStartMark());
    if (event instanceof AliasEvent) {
      error("yaml-alias", at, "An alias (*name) is used.", "Write the value out.");
      whole = false;
      return new YamlNode.Scalar("", true, at);
    }
    if (depth > MAX_DEPTH && event instanceof CollectionStartEvent) {
      throw new TooDeep(at);
    }
    anchor(event.getAnchor(), at);
    if (event instanceof ScalarEvent scalar) {
      tag(scalar.getTag(), at);
      return new YamlNode.Scalar(scalar.getValue(), scalar.isPlain(), at);
    }
    if (event instanceof CollectionStartEvent collection) {
      tag(collection.getTag(), at);
    }
    if (event instanceof SequenceStartEvent) {
      return sequence(at, depth);
    }
    if (event instanceof MappingStartEvent) {
      return mapping(at, depth);
    }
    throw new YamlEngineException("unexpected " + event.getEventId());
  }

  private YamlNode sequence(Position at, int depth) {
    List<YamlNode> items = new ArrayList<>();
    while (events.next() instanceof NodeEvent item) {
      items.add(node(item, depth + 1));
    }
    return new YamlNode.Sequence(items, at);
  }

  private YamlNode mapping(Position at, int depth) {
    List<YamlNode.Entry> entries = new ArrayList<>();
    Map<String, Position> seen = new HashMap<>();
    while (events.next() instanceof NodeEvent first) {
      YamlNode key = node(first, depth + 1);
      YamlNode value = node((NodeEvent) events.next(), depth + 1);
      if (key instanceof YamlNode.Scalar scalar && isKey(scalar, seen)) {
        entries.add(new YamlNode.Entry(scalar, value));
      } else if (!(key instanceof YamlNode.Scalar)) {
        error("yaml-key", key.at(), "A key is " + key.described() + ".", "Use text as key.");
      }
    }
    return new YamlNode.Mapping(entries, at);
  }

  private boolean isKey(YamlNode.Scalar key, Map<String, Position> seen) {
    if (key.plain() && key.text().equals("<<")) {
      error("yaml-merge", key.at(), "A merge key (<<) is used.", "Write the keys out.");
      return false;
    }
    ScalarKind kind = key.kind();
    if (kind == ScalarKind.NULL || kind == ScalarKind.NUMBER || kind == ScalarKind.BOOLEAN) {
      error(
          "yaml-key",
          key.at(),
          "A key is " + key.described() + ", not text.",
          "Put it in quotes: \"" + key.text() + "\".");
      return false;
    }
    Position first = seen.putIfAbsent(key.text(), key.at());
    if (first != null) {
      error(
          "yaml-duplicate-key",
          key.at(),
          "The key "
              + key.described()
              + " stands here again; the first is on line "
              + first.line()
              + ".",
          "Keep one of them.");
      return false;
    }
    return true;
  }

  private void anchor(Optional<Anchor> anchor, Position at) {
    if (anchor.isPresent()) {
      error("yaml-anchor", at, "An anchor (&name) is used.", "Remove it; write values out.");
    }
  }

  private void tag(Optional<String> tag, Position at) {
    if (tag.isPresent()) {
      error("yaml-tag", at, "A tag (" + tag.get() + ") is used.", "Remove it; quote text instead.");
    }
  }

  private void syntax(Optional<Mark> mark, @Nullable String problem) {
    String what = problem == null ? "it cannot be read" : problem.lines().findFirst().orElse("");
    error(
        "yaml-syntax",
        position(mark),
        "This is not YAML: " + what + ".",
        "Look at the quotes, brackets and indentation here and on the lines before.");
  }

  private void error(String code, Position at, String message, String mend) {
    if (findings.size() < 100) {
      findings.add(new Finding(code, Severity.ERROR, at, message, mend));
    }
  }

  private Position position(Optional<Mark> mark) {
    return mark.map(m -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
        .orElse(new Position(file, 1, 1));
  }

  /** Ends the reading. Never leaves this class. */
  private static final class TooDeep extends RuntimeException {
    private final transient Position at;

    TooDeep(Position at) {
      super(null, null, false, false);
      this.at = at;
    }
  }
}
