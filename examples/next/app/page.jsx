import { Training } from "./training.jsx";

const Page = () => (
  <main>
    <h1>A GAN in a Next.js page</h1>
    <Training />
  </main>
);

export default Page;
