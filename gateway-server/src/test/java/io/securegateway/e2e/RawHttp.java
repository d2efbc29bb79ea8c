package io.securegateway.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Bytes over a socket, for what no proper client would send. */
final class RawHttp {
  private static final int PATIENCE_MS = 5_000;

  private RawHttp() {}

  /**
   * Sends them as they are, and gives the status of the answer: 0 if the connection was closed
   * without one, -1 if nothing came at all.
   */
  static int status(int port, byte[] request) throws IOException {
    String line = firstLine(port, request);
    if (line.equals("timeout")) {
      return -1;
    }
    return line.matches("HTTP/1\\.[01] [0-9]{3}.*") ? Integer.parseInt(line.substring(9, 12)) : 0;
  }

  private static String firstLine(int port, byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MS);
      try {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
      } catch (SocketException closedEarly) {
        // the answer may have come before all was sent
      }
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b >= 0 && b != '\r'; b = in.read()) {
        line.write(b);
      }
      return line.toString(StandardCharsets.ISO_8859_1);
    } catch (SocketTimeoutException e) {
      return "timeout";
    } catch (SocketException e) {
      return "";
    }
  }
}
