package io.securegateway.server.schema;

import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.Format;
import com.networknt.schema.format.Formats;
import java.util.List;

/** The two drafts, with the keywords replaced whose cost a caller could drive up. Thread-safe. */
final class BoundedDialects {
  private static final Dialect DRAFT_2020_12 = bounded(Dialects.getDraft202012());
  private static final Dialect DRAFT_7 = bounded(Dialects.getDraft7());

  private BoundedDialects() {}

  /** The dialect of a draft; draft 2020-12 for any but draft-07. */
  static Dialect of(SpecificationVersion version) {
    return version == SpecificationVersion.DRAFT_7 ? DRAFT_7 : DRAFT_2020_12;
  }

  private static Dialect bounded(Dialect draft) {
    List<Format> formats =
        Formats.DEFAULT.stream().map(format -> (Format) new BoundedFormat(format)).toList();
    return Dialect.builder(draft).formats(formats).keyword(new UniqueItems()).build();
  }
}
