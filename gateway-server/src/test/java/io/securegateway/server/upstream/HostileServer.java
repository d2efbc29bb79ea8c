package io.securegateway.server.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A tool server that does what it likes with bare sockets. */
final class HostileServer implements AutoCloseable {
  /** What is done with a connection, once a request was read from it. */
  interface Behaviour {
    void answer(Request request, OutputStream out, Socket socket)
        throws IOException, InterruptedException;
  }

  /** A request: its head as it came, and its body. */
  record Request(String head, String body) {
    String line() {
      return head.substring(0, head.indexOf('\r'));
    }

    boolean hasHeader(String name) {
      return head.toLowerCase(Locale.ROOT).contains("\r\n" + name.toLowerCase(Locale.ROOT) + ":");
    }
  }

  private final ServerSocket server;
  private final Behaviour behaviour;
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  final AtomicInteger accepted = new AtomicInteger();
  final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  final BlockingQueue<String> closedByPeer = new LinkedBlockingQueue<>();

  HostileServer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("hostile-accept").start(this::accept);
  }

  /** Sends the same bytes to every request, then leaves the connection open. */
  static HostileServer sending(String answer) throws IOException {
    return new HostileServer((request, out, socket) -> write(out, answer));
  }

  /** Sends the same bytes to every request, then closes the connection. */
  static HostileServer sendingAndClosing(String answer) throws IOException {
    return new HostileServer(
        (request, out, socket) -> {
          write(out, answer);
          socket.close();
        });
  }

  static String ok(String type, String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(type, body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/tools");
  }

  /** The next request, or a failure of the test. */
  Request next() throws InterruptedException {
    Request request = requests.poll(20, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request came");
    }
    return request;
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        accepted.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().name("hostile-connection").start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      for (Request request = read(in); request != null; request = read(in)) {
        requests.add(request);
        behaviour.answer(request, socket.getOutputStream(), socket);
        if (socket.isClosed()) {
          return;
        }
      }
      closedByPeer.add("end");
    } catch (IOException broken) {
      closedByPeer.add("reset");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static @org.jspecify.annotations.Nullable Request read(InputStream in)
      throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return null;
      }
      head.append((char) c);
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int at = lower.indexOf("\r\ncontent-length:");
    int length =
        at < 0
            ? 0
            : Integer.parseInt(lower.substring(at + 17, lower.indexOf("\r\n", at + 2)).strip());
    return new Request(head.toString(), new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
