package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Delivery;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A syslog receiver: over {@code tcp} and {@code tls} with octet counts (RFC 6587, RFC 5425), over
 * {@code udp} in one datagram. Syslog acknowledges nothing: delivered means that the bytes were
 * taken and the connection was still open. Thread-safe.
 */
final class SyslogSink implements Sink {
  private static final int CONNECT_MILLIS = 3_000;
  private static final int READ_MILLIS = 300;
  private static final int MAX_DATAGRAM = 2_048;

  private final SinkSettings settings;
  private final String version;

  SyslogSink(SinkSettings settings, String version) {
    this.settings = settings;
    this.version = version;
  }

  @Override
  public SendResult send(Delivery delivery, Instant now) {
    try {
      InetAddress address = InetAddress.getByName(settings.url().getHost());
      if (!settings.allowPrivate() && PrivateAddress.is(address)) {
        return SendResult.refused(
            "its address is private or loopback; set allow_private: true if that is meant");
      }
      byte[] message =
          Cef.message(delivery, InetAddress.getLocalHost().getHostName(), version)
              .getBytes(StandardCharsets.UTF_8);
      if (settings.url().getScheme().equals("udp")) {
        datagram(address, message);
      } else {
        stream(address, message);
      }
      return SendResult.delivered(null);
    } catch (IOException | RuntimeException e) {
      String what = e.getMessage() == null ? "" : ": " + e.getMessage();
      return SendResult.retry(e.getClass().getSimpleName() + what);
    }
  }

  private void datagram(InetAddress address, byte[] message) throws IOException {
    byte[] cut = Arrays.copyOf(message, Math.min(message.length, MAX_DATAGRAM));
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(cut, cut.length, address, port(514)));
    }
  }

  private int port(int otherwise) {
    return settings.url().getPort() < 0 ? otherwise : settings.url().getPort();
  }

  private void stream(InetAddress address, byte[] message) throws IOException {
    boolean tls = settings.url().getScheme().equals("tls");
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address, port(tls ? 6514 : 601)), CONNECT_MILLIS);
      plain.setSoTimeout(CONNECT_MILLIS);
      try (Socket socket = tls ? secured(plain) : plain) {
        socket.getOutputStream().write((message.length + " ").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(message);
        socket.getOutputStream().flush();
        socket.shutdownOutput();
        awaitEnd(socket);
      }
    }
  }

  /** A receiver that resets the connection did not take it; one that says nothing did. */
  private static void awaitEnd(Socket socket) throws IOException {
    socket.setSoTimeout(READ_MILLIS);
    try {
      socket.getInputStream().read();
    } catch (java.net.SocketTimeoutException e) {
      return;
    }
  }

  private Socket secured(Socket plain) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket =
        (SSLSocket) factory.createSocket(plain, settings.url().getHost(), plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
