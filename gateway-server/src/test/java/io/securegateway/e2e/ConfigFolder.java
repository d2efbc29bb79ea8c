package io.securegateway.e2e;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A configuration directory that is written file by file, each in one move. */
record ConfigFolder(Path directory) {

  static ConfigFolder in(Path directory) throws IOException {
    return new ConfigFolder(Files.createDirectories(directory));
  }

  ConfigFolder gateway(String yaml) throws IOException {
    return file("gateway.yaml", yaml);
  }

  ConfigFolder policy(String project, String yaml) throws IOException {
    return file("policies/" + project + ".yaml", yaml);
  }

  ConfigFolder contextual(String project, String yaml) throws IOException {
    return file("contextual_policies/" + project + ".yaml", yaml);
  }

  ConfigFolder schema(String name, String json) throws IOException {
    return file("schemas/" + name + ".json", json);
  }

  /** A key file of one model with one key, which is {@link #key}. */
  ConfigFolder keys(String project, String model, List<String> tools) throws IOException {
    return file(
        "model_keys/" + project + ".yaml", "version: 1\nmodels:\n" + model(project, model, tools));
  }

  /** One model of a key file. */
  static String model(String project, String model, List<String> tools) {
    StringBuilder globs = new StringBuilder();
    tools.forEach(
        tool -> globs.append(globs.isEmpty() ? "" : ", ").append('"').append(tool).append('"'));
    return "  %s:\n    keys:\n      - { id: %s-key, sha256: \"%s\" }\n    tools: [%s]\n"
        .formatted(model, model, Keys.hash(key(project, model)), globs);
  }

  /** The key of a model in a project. */
  static String key(String project, String model) {
    return "sgk_of_" + project + "_and_" + model;
  }

  ConfigFolder file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return this;
  }
}
