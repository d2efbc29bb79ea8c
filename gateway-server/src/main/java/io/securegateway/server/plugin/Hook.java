package io.securegateway.server.plugin;

/** What a plugin may look at; found by the function's name. */
public enum Hook {
  TOOLCALL("on_toolcall"),
  TOOLRESULT("on_toolresult"),
  PROMPT("on_prompt");

  private final String function;

  Hook(String function) {
    this.function = function;
  }

  /** The function's name in the plugin. */
  public String function() {
    return function;
  }
}
