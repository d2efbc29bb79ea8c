package io.securegateway.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes bytes on to a server, and breaks all connections when a test says so. Thread-safe. */
final class CutProxy implements AutoCloseable {
  private final ServerSocket door;
  private final URI server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private CutProxy(ServerSocket door, URI server) {
    this.door = door;
    this.server = server;
  }

  static CutProxy before(String url) throws IOException {
    CutProxy proxy =
        new CutProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), URI.create(url));
    Thread.startVirtualThread(proxy::accept);
    return proxy;
  }

  String url() {
    return "http://127.0.0.1:" + door.getLocalPort();
  }

  /** Breaks every connection there is; new ones are taken. */
  void cut() {
    for (Socket socket : sockets) {
      close(socket);
    }
    sockets.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        Socket there = new Socket(server.getHost(), server.getPort());
        sockets.add(client);
        sockets.add(there);
        Thread.startVirtualThread(() -> pass(client, there));
        Thread.startVirtualThread(() -> pass(there, client));
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException broken) {
      // both are closed
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // it is
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
