export const metadata = { title: "A GAN in a Next.js page" };

const Layout = ({ children }) => (
  <html lang="en">
    <body>{children}</body>
  </html>
);

export default Layout;
