package io.securegateway.server.cli;

import io.securegateway.server.journal.CallRow;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option that is the status of a call. */
final class StatusOption implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    if (!CallRow.STATUSES.contains(text)) {
      throw new TypeConversionException(
          "must be one of " + String.join(", ", CallRow.STATUSES) + ", not \"" + text + "\"");
    }
    return text;
  }
}
