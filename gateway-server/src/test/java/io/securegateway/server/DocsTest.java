package io.securegateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The pages for operators say what the code does: links lead somewhere, routes and codes are all
 * there.
 */
class DocsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern ROUTE =
      Pattern.compile("new Route\\(\\s*\"([A-Z]+)\",\\s*\"([^\"]+)\"");
  private static final Pattern REFUSAL =
      Pattern.compile("new Refusal\\(\\s*[0-9]{3},\\s*\"([a-z_.]+)\"");
  private static final Pattern JSON_REFUSAL = Pattern.compile("\"(json\\.[a-z]+)\"");

  @Test
  void linksLeadToPagesAndHeadings() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        links++;
        if (!leadsSomewhere(page, link.group(1))) {
          broken.add(page + " → " + link.group(1));
        }
      }
    }
    assertEquals(List.of(), broken);
    assertTrue(links > 20);
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    if (link.startsWith("https://")) {
      return true;
    }
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file);
    return Files.exists(target)
        && (hash < 0 || headings(target).contains(link.substring(hash + 1)));
  }

  /** The anchors of a page's headings, as they are commonly made. */
  private static Set<String> headings(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.matches("#{1,6} .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void everyRouteForPeopleIsOnThePageOfTheApi() throws IOException {
    Set<String> routes = new TreeSet<>();
    for (Path source : sources(ROOT.resolve("gateway-server/src/main/java"))) {
      Matcher route = ROUTE.matcher(Files.readString(source));
      while (route.find()) {
        routes.add(route.group(1) + " " + plain(route.group(2)));
      }
    }
    String page = plain(Files.readString(ROOT.resolve("docs/http-api.md")));
    assertTrue(routes.size() >= 10);
    assertEquals(
        List.of(),
        routes.stream()
            .filter(r -> !page.matches("(?s).*`" + Pattern.quote(r) + "[`?].*"))
            .toList());
  }

  private static String plain(String text) {
    return text.replaceAll("\\{[a-z_]+}", "{}");
  }

  @Test
  void everyRefusalOfTheDoorIsOnThePageOfTheApi() throws IOException {
    Set<String> codes = new TreeSet<>();
    for (Path source : sources(ROOT.resolve("gateway-server/src/main/java"))) {
      codes.addAll(found(REFUSAL, source));
    }
    for (Path source : sources(ROOT.resolve("gateway-core/src/main/java"))) {
      codes.addAll(found(JSON_REFUSAL, source));
    }
    String page =
        Files.readString(ROOT.resolve("docs/http-api.md"))
            + Files.readString(ROOT.resolve("docs/reason-codes.md"));
    codes.remove("unauthorized");
    assertTrue(codes.size() >= 20);
    assertEquals(List.of(), codes.stream().filter(c -> !page.contains("`" + c + "`")).toList());
  }

  private static Set<String> found(Pattern pattern, Path source) throws IOException {
    return pattern
        .matcher(Files.readString(source))
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void gatewayFileOfTheQuickStartIsFreeOfErrors() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/quick-start.md"));
    int begin = page.indexOf("```yaml\nprojects:");
    assertTrue(begin >= 0);
    int text = begin + "```yaml\n".length();
    ConfigReader.Read read =
        ConfigReader.read(page.substring(text, page.indexOf("```", text)), Map.of());
    assertEquals(List.of(), read.findings());
    assertEquals(1, read.config().settings("default").upstreams().size());
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages =
        new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("examples/README.md")));
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
