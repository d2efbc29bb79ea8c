package io.securegateway.server.ingress;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Proxy;

/** The head of a request, as the checks see it. */
final class RequestHead {
  private RequestHead() {}

  /** Headers come as names and values in turn. */
  static HttpServerRequest of(String method, String uri, String... headers) {
    MultiMap all = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    return (HttpServerRequest)
        Proxy.newProxyInstance(
            RequestHead.class.getClassLoader(),
            new Class<?>[] {HttpServerRequest.class},
            (self, asked, arguments) ->
                switch (asked.getName()) {
                  case "method" -> HttpMethod.valueOf(method);
                  case "uri" -> uri;
                  case "headers" -> all;
                  case "params" -> query(uri);
                  case "getHeader" -> all.get((String) arguments[0]);
                  default -> throw new AssertionError("not expected: " + asked);
                });
  }

  private static MultiMap query(String uri) {
    MultiMap query = MultiMap.caseInsensitiveMultiMap();
    new QueryStringDecoder(uri).parameters().forEach(query::add);
    return query;
  }
}
