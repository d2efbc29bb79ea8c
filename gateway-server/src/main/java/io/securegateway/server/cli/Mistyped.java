package io.securegateway.server.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Answers wrong arguments: what is wrong, the nearest command if one is near, and where the help
 * is. Exit code 2.
 */
final class Mistyped implements CommandLine.IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    List<String> names = List.copyOf(command.getSubcommands().keySet());
    if (wrong instanceof UnmatchedArgumentException unmatched && unmatched.isUnknownOption()) {
      say(err, String.valueOf(wrong.getMessage()));
      UnmatchedArgumentException.printSuggestions(wrong, err);
    } else if (wrong instanceof UnmatchedArgumentException unmatched && !names.isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      say(err, "there is no command " + word + "; there are " + String.join(", ", names));
      near(word, names).forEach(name -> err.println("Did you mean: " + name + "?"));
    } else {
      say(err, String.valueOf(wrong.getMessage()));
    }
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static void say(PrintWriter err, String what) {
    err.println("securegateway: " + Console.harmless(what));
  }

  /** The names that a slip or two away turn the word into, nearest first. */
  static List<String> near(String word, List<String> names) {
    return names.stream()
        .filter(name -> slips(word, name) <= Math.min(2, name.length() / 2))
        .sorted(Comparator.comparingInt((String name) -> slips(word, name)).thenComparing(n -> n))
        .limit(2)
        .toList();
  }

  /**
   * How many letters have to be added, left out, replaced or swapped with their neighbour (optimal
   * string alignment).
   */
  private static int slips(String from, String to) {
    int[][] least = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          least[i][j] = i + j;
          continue;
        }
        int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        least[i][j] =
            Math.min(
                Math.min(least[i - 1][j], least[i][j - 1]) + 1, least[i - 1][j - 1] + replaced);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          least[i][j] = Math.min(least[i][j], least[i - 2][j - 2] + 1);
        }
      }
    }
    return least[from.length()][to.length()];
  }
}
