package io.securegateway.server.cli;

import io.securegateway.server.journal.TimeText;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option that is a time, in the forms that the API takes. */
final class TimeOption implements ITypeConverter<Instant> {
  @Override
  public Instant convert(String text) {
    return TimeText.millis(text)
        .map(Instant::ofEpochMilli)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "must be " + TimeText.FORMS + ", not \"" + text + "\""));
  }
}
