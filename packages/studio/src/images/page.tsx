export const Page = () => <h1>Images</h1>;
