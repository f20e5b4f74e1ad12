export class FolderMailer {}
