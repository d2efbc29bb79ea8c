package io.securegateway.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A closed loop: each connection sends the next request once it has the answer to the last. An
 * answer other than 200 ends it, so nobody measures refusals.
 */
final class LoadClient {
  private LoadClient() {}

  /** PORT CONNECTIONS MILLIS: prints how many requests were answered. */
  static void run(List<String> words) throws Exception {
    int port = Integer.parseInt(words.get(0));
    int connections = Integer.parseInt(words.get(1));
    long end = System.nanoTime() + Long.parseLong(words.get(2)) * 1_000_000;
    List<Callable<Long>> loops = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      byte[] request = request("s" + i);
      loops.add(() -> loop(port, request, end));
    }
    long answered = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (Future<Long> loop : threads.invokeAll(loops)) {
        answered += loop.get();
      }
    }
    System.out.println(answered);
  }

  private static byte[] request(String session) {
    String body =
        """
        {"model_id":"m1","session_id":"%s","tool_name":"%s","input":{"query":"a short question","limit":10}}"""
            .formatted(session, RestBench.TOOL);
    return """
        POST /mcp/toolcall HTTP/1.1
        Host: 127.0.0.1
        X-Model-Key: %s
        Content-Type: application/json
        Content-Length: %d

        """
        .formatted(RestBench.KEY, body.length())
        .replace("\n", "\r\n")
        .concat(body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static long loop(int port, byte[] request, long end) throws IOException {
    long answered = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (System.nanoTime() < end) {
        out.write(request);
        answer(in);
        answered++;
      }
    }
    return answered;
  }

  private static void answer(InputStream in) throws IOException {
    String status = line(in);
    int length = -1;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    byte[] body = in.readNBytes(Math.max(0, length));
    if (length < 0 || !status.contains(" 200 ")) {
      throw new IOException(
          "expected a 200 with its length, got: "
              + status
              + " "
              + new String(body, StandardCharsets.UTF_8));
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection was closed after: " + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
