package io.securegateway.server.cli;

import io.securegateway.core.call.Names;
import io.securegateway.core.policy.SourceKind;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which file the commands of {@code policy} are about, and where its versions are. */
final class PolicyOptions {
  static final String URL = "SECUREGATEWAY_URL";
  private static final String KEY = "ADMIN_KEY";

  /** How answers are printed. */
  enum Format {
    text,
    json
  }

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--project",
      paramLabel = "PROJECT",
      defaultValue = "default",
      description = "the project (default: default)")
  private String project = "default";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "policies",
      description = "policies, contextual_policies or model_keys (default: policies)")
  private String kind = "policies";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "the running gateway to ask, such as http://127.0.0.1:8080 (default: SECUREGATEWAY_URL, else the files)")
  private @Nullable String url;

  @Option(
      names = "--admin-key-file",
      paramLabel = "FILE",
      description = "a file that holds the admin key (default: ADMIN_KEY in the environment)")
  private @Nullable Path adminKeyFile;

  @Option(
      names = "--admin-key",
      paramLabel = "KEY",
      description =
          "the admin key itself. It shows in the process list and in the shell's history: prefer --admin-key-file")
  private @Nullable String adminKey;

  @Option(
      names = "--config",
      paramLabel = "DIR",
      description = "without a gateway: the configuration directory (default: here)")
  private @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "without a gateway: the data directory (default: data in the configuration directory)")
  private @Nullable Path data;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: text)")
  private Format format = Format.text;

  Format format() {
    return format;
  }

  SourceKind kind() {
    for (SourceKind each : SourceKind.values()) {
      if (each.word().equals(kind)) {
        return each;
      }
    }
    throw wrong("--kind " + kind + " is none of policies, contextual_policies and model_keys");
  }

  /** How the file is named to people. */
  String file() {
    return kind().word() + "/" + project + ".yaml";
  }

  /**
   * Opens the desk.
   *
   * @throws ParameterException if the options say nothing that can be done
   * @throws IOException if the key file or the data cannot be read
   */
  VersionDesk open(Map<String, String> environment) throws IOException {
    if (!Names.isProject(project)) {
      throw wrong("--project " + project + " is no project id: 1 to 63 of a-z, 0-9, _ and -");
    }
    boolean files = config != null || data != null;
    if (url != null && files) {
      throw wrong("--url asks a running gateway, --config and --data the files: give one of them");
    }
    String address = url != null ? url : files ? null : environment.get(URL);
    if (address == null || address.isEmpty()) {
      Path directory = config == null ? Path.of(".") : config;
      Path store = data == null ? directory.resolve("data") : data;
      return new DataDesk(directory, store, environment, project, kind());
    }
    URI gateway = address(address);
    String key = key(environment);
    OpenWire.warn(gateway, url != null ? "--url" : URL, System.err);
    return new GatewayDesk(new GatewayLine(gateway, key), project, kind());
  }

  private URI address(String text) {
    String what = url != null ? "--url " : URL + " ";
    try {
      URI address = new URI(text);
      String scheme = String.valueOf(address.getScheme());
      if ((scheme.equals("http") || scheme.equals("https"))
          && address.getHost() != null
          && address.getRawUserInfo() == null
          && address.getRawQuery() == null
          && address.getRawFragment() == null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // falls through to the message
    }
    throw wrong(what + text + " is no address of a gateway; write it like http://127.0.0.1:8080");
  }

  private String key(Map<String, String> environment) throws IOException {
    String where = "--admin-key";
    String key = adminKey;
    if (key == null && adminKeyFile != null) {
      where = adminKeyFile.toString();
      if (!Files.isRegularFile(adminKeyFile)) {
        throw new IOException("--admin-key-file " + adminKeyFile + " is no file");
      }
      key = Files.readString(adminKeyFile).strip();
    } else if (key == null) {
      where = KEY;
      key = environment.get(KEY);
    }
    if (key == null || key.isEmpty()) {
      throw wrong(
          "a gateway asks for an admin key: give --admin-key-file, or ADMIN_KEY in the environment");
    }
    if (!key.matches("[\\x21-\\x7e]+")) {
      throw wrong(where + " holds no admin key: it must be one word of printable ASCII characters");
    }
    return key;
  }

  /** What picocli makes of a wrong argument: the message, the usage, exit code 2. */
  RuntimeException wrong(String message) {
    return spec == null
        ? new IllegalArgumentException(message)
        : new ParameterException(spec.commandLine(), message);
  }
}
